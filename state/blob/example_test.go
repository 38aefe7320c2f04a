package blob_test

import (
	"context"
	"fmt"
	"os"

	"volteface/state/blob"
)

// Bytes are kept under their SHA-256, once; whoever takes them out gets what was put in, or an error.
func ExampleFolder() {
	folder, err := os.MkdirTemp("", "blobs")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	archive, err := blob.OpenFolder(folder)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer archive.Close()
	name, err := archive.Put(context.Background(), []byte("<html>"))
	if err != nil {
		fmt.Println(err)
		return
	}
	page, err := archive.Get(context.Background(), name)
	fmt.Println(name[:12], string(page), err)
	// Output:
	// b7d082ee12e9 <html> <nil>
}
