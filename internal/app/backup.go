package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"xinban/internal/store"
)

// ErrExists says that a folder that is to be written is there already.
var ErrExists = errors.New("目标目录已存在，请换一个，以免覆盖")

// ErrInside says that a backup may not lie in what it copies.
var ErrInside = errors.New("备份目录不能放在数据目录里面，请换到别处")

// inside tells whether path lies in folder.
func inside(path, folder string) bool {
	p, err1 := filepath.Abs(path)
	f, err2 := filepath.Abs(folder)
	rel, err3 := filepath.Rel(f, p)
	return err1 == nil && err2 == nil && err3 == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// Backup writes a copy of the embedded store and of all that belongs to it, keys included, into a new
// folder, while the program runs.
func (a *App) Backup(ctx context.Context, dir string) error {
	if a.DB.Engine() != store.SQLite {
		return errors.New("PostgreSQL库请用pg_dump备份，并另行备份数据目录中的keys")
	}
	if _, err := os.Stat(dir); err == nil {
		return ErrExists
	}
	if inside(dir, a.Config.Data) {
		return ErrInside
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("无法建立备份目录：%w", err)
	}
	if err := a.DB.CopyTo(ctx, filepath.Join(dir, "xinban.db")); err != nil {
		return err
	}
	return copyFolder(a.Config.Data, dir)
}

// Restore puts a backup into a new data folder.
func Restore(from, data string) error {
	if _, err := os.Stat(filepath.Join(from, "xinban.db")); err != nil {
		return fmt.Errorf("%s里没有备份：%w", from, err)
	}
	if _, err := os.Stat(data); err == nil {
		return ErrExists
	}
	if err := os.MkdirAll(data, 0o750); err != nil {
		return err
	}
	if err := copyFile(filepath.Join(from, "xinban.db"), filepath.Join(data, "xinban.db"), 0o640); err != nil {
		return err
	}
	return copyFolder(from, data)
}

// copyFolder copies everything but the store itself.
func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // a file in the making that is gone meanwhile
			return nil
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil || name == "." {
			return err
		}
		target := filepath.Join(to, name)
		switch info, err := d.Info(); {
		case err != nil:
			return err
		case d.IsDir():
			return os.MkdirAll(target, info.Mode().Perm())
		case filepath.Dir(name) == "." && len(name) >= 9 && name[:9] == "xinban.db":
			return nil
		case !info.Mode().IsRegular():
			return nil
		default:
			if err := copyFile(path, target, info.Mode().Perm()); !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			return nil
		}
	})
}

func copyFile(from, to string, mode fs.FileMode) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("app: copying %s: %w", filepath.Base(from), err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fmt.Errorf("app: copying %s: %w", filepath.Base(from), err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return fmt.Errorf("app: copying %s: %w", filepath.Base(from), err)
	}
	return out.Sync()
}
