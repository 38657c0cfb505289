package read

// Limits bound what one file may cost. A zero value of any of them takes the default.
type Limits struct {
	Cell       int   // bytes of one cell, default 1 MiB
	Row        int   // bytes of one row, default 4 MiB
	Columns    int   // cells of one row, default 1,000
	ZipEntries int   // parts of an XLSX archive, default 2,000
	ZipBytes   int64 // uncompressed bytes of an XLSX archive, default 4 GiB
	ZipRatio   int64 // uncompressed to compressed bytes of a part beyond 16 MiB, default 200
	Strings    int64 // bytes of the shared strings of a workbook, which lie in memory, default 512 MiB
	Spool      int64 // bytes of an XLSX upload kept in a temporary file, default 512 MiB
}

func (l Limits) withDefaults() Limits {
	l.Cell = orElse(l.Cell, 1<<20)
	l.Row = orElse(l.Row, 4<<20)
	l.Columns = orElse(l.Columns, 1000)
	l.ZipEntries = orElse(l.ZipEntries, 2000)
	l.ZipBytes = orElse(l.ZipBytes, 4<<30)
	l.ZipRatio = orElse(l.ZipRatio, 200)
	l.Strings = orElse(l.Strings, 512<<20)
	l.Spool = orElse(l.Spool, 512<<20)
	return l
}

func orElse[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}
