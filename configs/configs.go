// Package configs holds the files that are built into the program: an example
// configuration, the sources, the topics, and the JSON Schemas that editors use.
package configs

import "embed"

// Files are the built-in files, under their names in this folder.
//
//go:embed volteface.example.yaml sources/*.yaml topics/*.yaml *.schema.json
var Files embed.FS
