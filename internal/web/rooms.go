package web

import (
	"net/http"

	"volteface/state"
)

// rooms are the pages to look round in: positions, issuers, search, sources, alerts.
func (d *Desk) rooms(mux *http.ServeMux) {
	reader := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, d.requires(state.RoleReader, h)) }
	analyst := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, d.requires(state.RoleAnalyst, h)) }
	reader("GET /positions", d.positionsList)
	reader("GET /positions/{topic}", d.positions)
	reader("GET /issuers", d.issuersList)
	reader("GET /issuers/{issuer}", d.issuerPage)
	reader("GET /search", d.search)
	if d.Office == nil {
		return
	}
	reader("GET /sources", d.sourcesList)
	reader("GET /sources/{source}", d.sourcePage)
	analyst("POST /sources/{source}", d.sourceAct)
	reader("GET /alerts", d.alerts)
	reader("GET /alerts/{alert}", d.alertPage)
	analyst("POST /alerts", d.alertAct)
}
