#include "textflag.h"

// Every kernel adds A·B to a tile of C. A is row-major, rows lda bytes apart;
// B is one packed panel, 32 columns wide; C is row-major, rows ldc bytes apart.

#define ROW512(mem, lo, hi) \
	VBROADCASTSS mem, Z18        \
	VFMADD231PS  Z16, Z18, lo    \
	VFMADD231PS  Z17, Z18, hi

#define LOAD512(lo, hi) \
	VMOVUPS (DX), lo     \
	VMOVUPS 64(DX), hi   \
	ADDQ    R10, DX

#define STORE512(lo, hi) \
	VMOVUPS lo, (DX)      \
	VMOVUPS hi, 64(DX)    \
	ADDQ    R10, DX

// func tile8x32avx512(k int, a *float32, lda int, b *float32, c *float32, ldc int)
TEXT ·tile8x32avx512(SB), NOSPLIT, $0-48
	MOVQ k+0(FP), CX
	MOVQ a+8(FP), AX
	MOVQ lda+16(FP), R8
	MOVQ b+24(FP), BX
	MOVQ c+32(FP), DX
	MOVQ ldc+40(FP), R10
	LEAQ (R8)(R8*2), R9 // three rows
	LEAQ (AX)(R8*4), SI // the fifth row
	LOAD512(Z0, Z1)
	LOAD512(Z2, Z3)
	LOAD512(Z4, Z5)
	LOAD512(Z6, Z7)
	LOAD512(Z8, Z9)
	LOAD512(Z10, Z11)
	LOAD512(Z12, Z13)
	LOAD512(Z14, Z15)

loop8:
	VMOVUPS (BX), Z16
	VMOVUPS 64(BX), Z17
	ROW512((AX), Z0, Z1)
	ROW512((AX)(R8*1), Z2, Z3)
	ROW512((AX)(R8*2), Z4, Z5)
	ROW512((AX)(R9*1), Z6, Z7)
	ROW512((SI), Z8, Z9)
	ROW512((SI)(R8*1), Z10, Z11)
	ROW512((SI)(R8*2), Z12, Z13)
	ROW512((SI)(R9*1), Z14, Z15)
	ADDQ $128, BX
	ADDQ $4, AX
	ADDQ $4, SI
	DECQ CX
	JNZ  loop8

	MOVQ c+32(FP), DX
	STORE512(Z0, Z1)
	STORE512(Z2, Z3)
	STORE512(Z4, Z5)
	STORE512(Z6, Z7)
	STORE512(Z8, Z9)
	STORE512(Z10, Z11)
	STORE512(Z12, Z13)
	STORE512(Z14, Z15)
	VZEROUPPER
	RET

// func tile1x32avx512(k int, a *float32, b *float32, c *float32)
TEXT ·tile1x32avx512(SB), NOSPLIT, $0-32
	MOVQ k+0(FP), CX
	MOVQ a+8(FP), AX
	MOVQ b+16(FP), BX
	MOVQ c+24(FP), DX
	VMOVUPS (DX), Z0
	VMOVUPS 64(DX), Z1

loop1:
	VBROADCASTSS (AX), Z18
	VFMADD231PS  (BX), Z18, Z0
	VFMADD231PS  64(BX), Z18, Z1
	ADDQ $128, BX
	ADDQ $4, AX
	DECQ CX
	JNZ  loop1

	VMOVUPS Z0, (DX)
	VMOVUPS Z1, 64(DX)
	VZEROUPPER
	RET

#define ROW256(mem, a, b, c, d) \
	VBROADCASTSS mem, Y12        \
	VFMADD231PS  Y8, Y12, a      \
	VFMADD231PS  Y9, Y12, b      \
	VFMADD231PS  Y10, Y12, c     \
	VFMADD231PS  Y11, Y12, d

#define LOAD256(R, a, b, c, d) \
	VMOVUPS 0(R), a               \
	VMOVUPS 32(R), b              \
	VMOVUPS 64(R), c              \
	VMOVUPS 96(R), d

#define STORE256(R, a, b, c, d) \
	VMOVUPS a, 0(R)                \
	VMOVUPS b, 32(R)               \
	VMOVUPS c, 64(R)               \
	VMOVUPS d, 96(R)

// func tile2x32avx2(k int, a *float32, lda int, b *float32, c *float32, ldc int)
TEXT ·tile2x32avx2(SB), NOSPLIT, $0-48
	MOVQ k+0(FP), CX
	MOVQ a+8(FP), AX
	MOVQ lda+16(FP), R8
	MOVQ b+24(FP), BX
	MOVQ c+32(FP), DX
	MOVQ ldc+40(FP), R10
	LEAQ (DX)(R10*1), R11
	LOAD256(DX, Y0, Y1, Y2, Y3)
	LOAD256(R11, Y4, Y5, Y6, Y7)

loop2:
	LOAD256(BX, Y8, Y9, Y10, Y11)
	ROW256((AX), Y0, Y1, Y2, Y3)
	ROW256((AX)(R8*1), Y4, Y5, Y6, Y7)
	ADDQ $128, BX
	ADDQ $4, AX
	DECQ CX
	JNZ  loop2

	STORE256(DX, Y0, Y1, Y2, Y3)
	STORE256(R11, Y4, Y5, Y6, Y7)
	VZEROUPPER
	RET

// func tile1x32avx2(k int, a *float32, b *float32, c *float32)
TEXT ·tile1x32avx2(SB), NOSPLIT, $0-32
	MOVQ k+0(FP), CX
	MOVQ a+8(FP), AX
	MOVQ b+16(FP), BX
	MOVQ c+24(FP), DX
	LOAD256(DX, Y0, Y1, Y2, Y3)

loop3:
	LOAD256(BX, Y8, Y9, Y10, Y11)
	ROW256((AX), Y0, Y1, Y2, Y3)
	ADDQ $128, BX
	ADDQ $4, AX
	DECQ CX
	JNZ  loop3

	STORE256(DX, Y0, Y1, Y2, Y3)
	VZEROUPPER
	RET

// func addAVX2(n int, dst *float32, src *float32)
// n is a multiple of 8.
TEXT ·addAVX2(SB), NOSPLIT, $0-24
	MOVQ n+0(FP), CX
	MOVQ dst+8(FP), DI
	MOVQ src+16(FP), SI
	SHRQ $3, CX
	JZ   done4

loop4:
	VMOVUPS (DI), Y0
	VADDPS  (SI), Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ $32, DI
	ADDQ $32, SI
	DECQ CX
	JNZ  loop4

done4:
	VZEROUPPER
	RET

// func dotAVX2(n int, a *float32, b *float32) float32
// n is a multiple of 8.
TEXT ·dotAVX2(SB), NOSPLIT, $0-28
	MOVQ n+0(FP), CX
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DI
	VXORPS Y0, Y0, Y0
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	SHRQ $3, CX

loop5four: // four sums at once, for each waits on itself
	CMPQ CX, $4
	JLT  loop5
	VMOVUPS (SI), Y1
	VFMADD231PS (DI), Y1, Y0
	VMOVUPS 32(SI), Y5
	VFMADD231PS 32(DI), Y5, Y2
	VMOVUPS 64(SI), Y6
	VFMADD231PS 64(DI), Y6, Y3
	VMOVUPS 96(SI), Y7
	VFMADD231PS 96(DI), Y7, Y4
	ADDQ $128, DI
	ADDQ $128, SI
	SUBQ $4, CX
	JMP  loop5four

loop5:
	TESTQ CX, CX
	JZ   done5
	VMOVUPS (SI), Y1
	VFMADD231PS (DI), Y1, Y0
	ADDQ $32, DI
	ADDQ $32, SI
	DECQ CX
	JMP  loop5

done5:
	VADDPS Y2, Y0, Y0
	VADDPS Y4, Y3, Y3
	VADDPS Y3, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS X1, X0, X0
	VHADDPS X0, X0, X0
	VHADDPS X0, X0, X0
	VMOVSS X0, ret+24(FP)
	VZEROUPPER
	RET

#define ROW6(mem, lo, hi) \
	VBROADCASTSS mem, Y14      \
	VFMADD231PS  Y12, Y14, lo  \
	VFMADD231PS  Y13, Y14, hi

#define LOAD6(lo, hi) \
	VMOVUPS (DX), lo    \
	VMOVUPS 32(DX), hi  \
	ADDQ    R10, DX

#define STORE6(lo, hi) \
	VMOVUPS lo, (DX)    \
	VMOVUPS hi, 32(DX)  \
	ADDQ    R10, DX

// func tile6x16avx2(k int, a *float32, lda int, b *float32, c *float32, ldc int)
// Only half of the panel's columns, from b on.
TEXT ·tile6x16avx2(SB), NOSPLIT, $0-48
	MOVQ k+0(FP), CX
	MOVQ a+8(FP), AX
	MOVQ lda+16(FP), R8
	MOVQ b+24(FP), BX
	MOVQ c+32(FP), DX
	MOVQ ldc+40(FP), R10
	LEAQ (R8)(R8*2), R9
	LEAQ (AX)(R9*1), SI // the fourth row
	LOAD6(Y0, Y1)
	LOAD6(Y2, Y3)
	LOAD6(Y4, Y5)
	LOAD6(Y6, Y7)
	LOAD6(Y8, Y9)
	LOAD6(Y10, Y11)

loop6:
	VMOVUPS (BX), Y12
	VMOVUPS 32(BX), Y13
	ROW6((AX), Y0, Y1)
	ROW6((AX)(R8*1), Y2, Y3)
	ROW6((AX)(R8*2), Y4, Y5)
	ROW6((SI), Y6, Y7)
	ROW6((SI)(R8*1), Y8, Y9)
	ROW6((SI)(R8*2), Y10, Y11)
	ADDQ $128, BX
	ADDQ $4, AX
	ADDQ $4, SI
	DECQ CX
	JNZ  loop6

	MOVQ c+32(FP), DX
	STORE6(Y0, Y1)
	STORE6(Y2, Y3)
	STORE6(Y4, Y5)
	STORE6(Y6, Y7)
	STORE6(Y8, Y9)
	STORE6(Y10, Y11)
	VZEROUPPER
	RET

// func axpyAVX2(n int, scale float32, dst *float32, src *float32)
// n is a multiple of 8.
TEXT ·axpyAVX2(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	VBROADCASTSS scale+8(FP), Y1
	MOVQ dst+16(FP), DI
	MOVQ src+24(FP), SI
	SHRQ $3, CX
	JZ   done7

loop7:
	VMOVUPS (DI), Y0
	VFMADD231PS (SI), Y1, Y0
	VMOVUPS Y0, (DI)
	ADDQ $32, DI
	ADDQ $32, SI
	DECQ CX
	JNZ  loop7

done7:
	VZEROUPPER
	RET

// func adamAVX2(n int, k *[8]float32, w, gradient, m, v *float32)
// n is a multiple of 8. k: shrink, beta1, beta2, 1-beta1, 1-beta2, step size,
// what weights keep, epsilon. The gradient is cleared.
TEXT ·adamAVX2(SB), NOSPLIT, $0-48
	MOVQ n+0(FP), CX
	MOVQ k+8(FP), AX
	MOVQ w+16(FP), DI
	MOVQ gradient+24(FP), SI
	MOVQ m+32(FP), R8
	MOVQ v+40(FP), R9
	VBROADCASTSS (AX), Y8
	VBROADCASTSS 4(AX), Y9
	VBROADCASTSS 8(AX), Y10
	VBROADCASTSS 12(AX), Y11
	VBROADCASTSS 16(AX), Y12
	VBROADCASTSS 20(AX), Y13
	VBROADCASTSS 24(AX), Y14
	VBROADCASTSS 28(AX), Y15
	VXORPS Y7, Y7, Y7
	SHRQ $3, CX
	JZ   doneA

loopA:
	VMULPS (SI), Y8, Y0     // gradient
	VMULPS (R8), Y9, Y1
	VFMADD231PS Y0, Y11, Y1 // first moment
	VMOVUPS Y1, (R8)
	VMULPS Y0, Y0, Y0
	VMULPS (R9), Y10, Y2
	VFMADD231PS Y0, Y12, Y2 // second moment
	VMOVUPS Y2, (R9)
	VSQRTPS Y2, Y2
	VADDPS Y15, Y2, Y2
	VMULPS Y13, Y1, Y1
	VDIVPS Y2, Y1, Y1
	VMULPS (DI), Y14, Y0
	VSUBPS Y1, Y0, Y0
	VMOVUPS Y0, (DI)
	VMOVUPS Y7, (SI)
	ADDQ $32, DI
	ADDQ $32, SI
	ADDQ $32, R8
	ADDQ $32, R9
	DECQ CX
	JNZ  loopA

doneA:
	VZEROUPPER
	RET

DATA sigmoid<>+0(SB)/4, $(-1.44269504089)
DATA sigmoid<>+4(SB)/4, $126.0
DATA sigmoid<>+8(SB)/4, $(-126.0)
DATA sigmoid<>+12(SB)/4, $0.00133336
DATA sigmoid<>+16(SB)/4, $0.00961813
DATA sigmoid<>+20(SB)/4, $0.05550411
DATA sigmoid<>+24(SB)/4, $0.24022651
DATA sigmoid<>+28(SB)/4, $0.69314718
DATA sigmoid<>+32(SB)/4, $1.0
GLOBL sigmoid<>(SB), RODATA|NOPTR, $36

// Two sigmoids at once, of a and b; t1 … t4 are spoilt. 2 to the power of -x/ln 2:
// a polynomial for the fraction, the exponent's bits for the whole part.
#define SIGMOIDS(a, b, t1, t2, t3, t4) \
	VMULPS Y15, a, a            \
	VMULPS Y15, b, b            \
	VMINPS Y14, a, a            \
	VMINPS Y14, b, b            \
	VMAXPS Y13, a, a            \
	VMAXPS Y13, b, b            \
	VCVTPS2DQ a, t1             \
	VCVTPS2DQ b, t2             \
	VCVTDQ2PS t1, t3            \
	VCVTDQ2PS t2, t4            \
	VSUBPS t3, a, a             \
	VSUBPS t4, b, b             \
	VMOVAPS Y12, t3             \
	VMOVAPS Y12, t4             \
	VFMADD213PS Y11, a, t3      \
	VFMADD213PS Y11, b, t4      \
	VFMADD213PS Y10, a, t3      \
	VFMADD213PS Y10, b, t4      \
	VFMADD213PS Y9, a, t3       \
	VFMADD213PS Y9, b, t4       \
	VFMADD213PS Y8, a, t3       \
	VFMADD213PS Y8, b, t4       \
	VFMADD213PS Y7, a, t3       \
	VFMADD213PS Y7, b, t4       \
	VPSLLD $23, t1, t1          \
	VPSLLD $23, t2, t2          \
	VPADDD t1, t3, t3           \
	VPADDD t2, t4, t4           \
	VADDPS Y7, t3, t3           \
	VADDPS Y7, t4, t4           \
	VDIVPS t3, Y7, a            \
	VDIVPS t4, Y7, b

// func sruAVX2(h int, u, x, out, v, before, after *float32)
// h is a multiple of 8. The gates in u are replaced by their sigmoids.
TEXT ·sruAVX2(SB), NOSPLIT, $0-56
	MOVQ h+0(FP), CX
	MOVQ u+8(FP), AX
	MOVQ x+16(FP), SI
	MOVQ out+24(FP), DI
	MOVQ v+32(FP), BX
	MOVQ before+40(FP), R8
	MOVQ after+48(FP), R9
	LEAQ (AX)(CX*4), R10 
	LEAQ (R10)(CX*4), R11  // reset gates
	LEAQ (BX)(CX*4), R12
	VBROADCASTSS sigmoid<>+0(SB), Y15
	VBROADCASTSS sigmoid<>+4(SB), Y14
	VBROADCASTSS sigmoid<>+8(SB), Y13
	VBROADCASTSS sigmoid<>+12(SB), Y12
	VBROADCASTSS sigmoid<>+16(SB), Y11
	VBROADCASTSS sigmoid<>+20(SB), Y10
	VBROADCASTSS sigmoid<>+24(SB), Y9
	VBROADCASTSS sigmoid<>+28(SB), Y8
	VBROADCASTSS sigmoid<>+32(SB), Y7
	XORQ DX, DX
	SHRQ $3, CX
	JZ   done9

loop9:
	VMOVUPS (R8)(DX*1), Y6
	VMOVUPS (R10)(DX*1), Y0
	VMOVUPS (R11)(DX*1), Y1
	VFMADD231PS (BX)(DX*1), Y6, Y0
	VFMADD231PS (R12)(DX*1), Y6, Y1
	SIGMOIDS(Y0, Y1, Y2, Y3, Y4, Y5)
	VMOVUPS Y0, (R10)(DX*1)
	VMOVUPS Y1, (R11)(DX*1)
	VMOVUPS (AX)(DX*1), Y2
	VSUBPS  Y2, Y6, Y6          // before - candidate
	VFMADD213PS Y2, Y0, Y6      // the state
	VMOVUPS Y6, (R9)(DX*1)
	VMOVUPS (SI)(DX*1), Y3
	VSUBPS  Y3, Y6, Y6
	VFMADD213PS Y3, Y1, Y6
	VMOVUPS Y6, (DI)(DX*1)
	ADDQ $32, DX
	DECQ CX
	JNZ  loop9

done9:
	VZEROUPPER
	RET

#define ROWS16(mem, lo, hi) \
	VPBROADCASTD mem, Y14     \
	VPMADDWD Y12, Y14, Y15    \
	VPADDD   Y15, lo, lo      \
	VPMADDWD Y13, Y14, Y14    \
	VPADDD   Y14, hi, hi

// Sums to floats, times the scale of the row at R12 and those of the columns in Y12
// and Y13, onto the row of C at DX.
#define FINISH16(lo, hi) \
	VBROADCASTSS (R12), Y14    \
	ADDQ    $4, R12            \
	VCVTDQ2PS lo, lo           \
	VCVTDQ2PS hi, hi           \
	VMULPS  Y14, lo, lo        \
	VMULPS  Y14, hi, hi        \
	VMOVUPS (DX), Y15          \
	VFMADD231PS Y12, lo, Y15   \
	VMOVUPS Y15, (DX)          \
	VMOVUPS 32(DX), Y15        \
	VFMADD231PS Y13, hi, Y15   \
	VMOVUPS Y15, 32(DX)        \
	ADDQ    R10, DX

// func tile6x16int16(pairs int, a *int16, lda int, b *int16, rows, cols, c *float32, ldc int)
// b holds pairs of rows, 16 columns of 128 bytes a pair.
TEXT ·tile6x16int16(SB), NOSPLIT, $0-64
	MOVQ pairs+0(FP), CX
	MOVQ a+8(FP), AX
	MOVQ lda+16(FP), R8
	MOVQ b+24(FP), BX
	LEAQ (R8)(R8*2), R9
	LEAQ (AX)(R9*1), SI // the fourth row
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7
	VPXOR Y8, Y8, Y8
	VPXOR Y9, Y9, Y9
	VPXOR Y10, Y10, Y10
	VPXOR Y11, Y11, Y11

loop16:
	VMOVDQU (BX), Y12
	VMOVDQU 32(BX), Y13
	ROWS16((AX), Y0, Y1)
	ROWS16((AX)(R8*1), Y2, Y3)
	ROWS16((AX)(R8*2), Y4, Y5)
	ROWS16((SI), Y6, Y7)
	ROWS16((SI)(R8*1), Y8, Y9)
	ROWS16((SI)(R8*2), Y10, Y11)
	ADDQ $64, BX
	ADDQ $4, AX
	ADDQ $4, SI
	DECQ CX
	JNZ  loop16

	MOVQ rows+32(FP), R12
	MOVQ cols+40(FP), R13
	MOVQ c+48(FP), DX
	MOVQ ldc+56(FP), R10
	VMOVUPS (R13), Y12
	VMOVUPS 32(R13), Y13
	FINISH16(Y0, Y1)
	FINISH16(Y2, Y3)
	FINISH16(Y4, Y5)
	FINISH16(Y6, Y7)
	FINISH16(Y8, Y9)
	FINISH16(Y10, Y11)
	VZEROUPPER
	RET

// func tile1x16int16(pairs int, a *int16, b *int16, rows, cols, c *float32)
TEXT ·tile1x16int16(SB), NOSPLIT, $0-48
	MOVQ pairs+0(FP), CX
	MOVQ a+8(FP), AX
	MOVQ b+16(FP), BX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1

loop17:
	VMOVDQU (BX), Y12
	VMOVDQU 32(BX), Y13
	ROWS16((AX), Y0, Y1)
	ADDQ $64, BX
	ADDQ $4, AX
	DECQ CX
	JNZ  loop17

	MOVQ rows+24(FP), R12
	MOVQ cols+32(FP), R13
	MOVQ c+40(FP), DX
	XORQ R10, R10
	VMOVUPS (R13), Y12
	VMOVUPS 32(R13), Y13
	FINISH16(Y0, Y1)
	VZEROUPPER
	RET

// func mostAVX2(n int, x *float32) float32
// The largest absolute value; n is a multiple of 8, not 0.
TEXT ·mostAVX2(SB), NOSPLIT, $0-20
	MOVQ n+0(FP), CX
	MOVQ x+8(FP), SI
	VPCMPEQD Y2, Y2, Y2
	VPSRLD $1, Y2, Y2 // all bits but the sign
	VXORPS Y0, Y0, Y0
	SHRQ $3, CX

loop18:
	VANDPS (SI), Y2, Y1
	VMAXPS Y1, Y0, Y0
	ADDQ $32, SI
	DECQ CX
	JNZ  loop18

	VEXTRACTF128 $1, Y0, X1
	VMAXPS X1, X0, X0
	VSHUFPS $0x4e, X0, X0, X1
	VMAXPS X1, X0, X0
	VSHUFPS $0xb1, X0, X0, X1
	VMAXPS X1, X0, X0
	VMOVSS X0, ret+16(FP)
	VZEROUPPER
	RET

// func quantiseAVX2(n int, by float32, x *float32, to *int16)
// n is a multiple of 16, not 0.
TEXT ·quantiseAVX2(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	VBROADCASTSS by+8(FP), Y2
	MOVQ x+16(FP), SI
	MOVQ to+24(FP), DI
	SHRQ $4, CX

loop19:
	VMULPS (SI), Y2, Y0
	VMULPS 32(SI), Y2, Y1
	VCVTPS2DQ Y0, Y0
	VCVTPS2DQ Y1, Y1
	VPACKSSDW Y1, Y0, Y0
	VPERMQ $0xd8, Y0, Y0
	VMOVDQU Y0, (DI)
	ADDQ $64, SI
	ADDQ $32, DI
	DECQ CX
	JNZ  loop19

	VZEROUPPER
	RET
