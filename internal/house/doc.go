// Package house guards how the code base is built. It has only tests: which package may import which (the
// floors of docs/architecture.md), what every file, table and exported name must say, and whether the documents
// tell the truth about the repository. It knows nothing of the field.
package house
