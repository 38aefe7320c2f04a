// Package statement holds the words of the house as types: what an issuer, a
// source, a capture, a statement, a revision, an event and an alert are, how
// they are identified, and the kinds of error that people are told about.
//
// It imports the standard library only; every other package may import it.
package statement
