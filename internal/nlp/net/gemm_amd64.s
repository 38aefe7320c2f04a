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
	SHRQ $3, CX
	JZ   done5

loop5:
	VMOVUPS (SI), Y1
	VFMADD231PS (DI), Y1, Y0
	ADDQ $32, DI
	ADDQ $32, SI
	DECQ CX
	JNZ  loop5

done5:
	VEXTRACTF128 $1, Y0, X1
	VADDPS X1, X0, X0
	VHADDPS X0, X0, X0
	VHADDPS X0, X0, X0
	VMOVSS X0, ret+24(FP)
	VZEROUPPER
	RET
