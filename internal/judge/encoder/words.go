package encoder

// Word gives the embedding of a piece in dst, Hidden values; of an id outside the vocabulary zeros.
func (e *Encoder) Word(dst []float32, id int32) {
	if id < 0 || int(id) >= e.config.Vocabulary {
		clear(dst)
		return
	}
	e.weights.Words.Row(dst, int(id))
}
