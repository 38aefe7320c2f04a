package encoder

import "math"

// MeanWords is the mean of the pieces' word embeddings, of length one: a bag of words in a space that languages share,
// thousands of times cheaper than Mean. No pieces give a zero vector. Ids outside the vocabulary are left out.
func (e *Encoder) MeanWords(ids []int32) []float32 {
	mean, row := make([]float32, e.config.Hidden), make([]float32, e.config.Hidden)
	for _, id := range ids {
		if id < 0 || int(id) >= e.config.Vocabulary {
			continue
		}
		e.weights.Words.Row(row, int(id))
		for i, v := range row {
			mean[i] += v
		}
	}
	var square float64
	for _, v := range mean {
		square += float64(v) * float64(v)
	}
	if square == 0 {
		return mean
	}
	by := float32(1 / math.Sqrt(square))
	for i := range mean {
		mean[i] *= by
	}
	return mean
}
