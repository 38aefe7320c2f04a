package net

import "math"

// Adam holds what one step of Adam needs: the factor of the gradient, beta1, beta2,
// 1-beta1, 1-beta2, the size of the step, the share that weights keep, epsilon.
type Adam [8]float32

// stepGo is Step without assembly.
func (a *Adam) stepGo(w, g, m, v []float32) {
	for i, x := range g {
		x *= a[0]
		m[i] = a[1]*m[i] + a[3]*x
		v[i] = a[2]*v[i] + a[4]*x*x
		w[i] = w[i]*a[6] - a[5]*m[i]/(float32(math.Sqrt(float64(v[i])))+a[7])
		g[i] = 0
	}
}
