package reversal

func (p *pairing) explain(before, after *Statement, c *candidate, verdict string) string { return "" }
