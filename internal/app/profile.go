package app

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"xinban/internal/credit"
	"xinban/internal/document/seal"
	"xinban/internal/law"
)

// defaultIssuers are the issuers of stores for which nobody named one.
var defaultIssuers = map[Nature]string{Live: "公共信用中心", Test: "测试用公共信用中心", Demo: "岚海省公共信用中心"}

// ErrOtherIssuer says that the store has been given another issuer or region than the one asked for.
var ErrOtherIssuer = errors.New("与建库时确定的不同")

// profile reads who issues the reports and for which region, and keeps both when the store is made: the seal's
// certificate bears the issuer, and a paper must not change its issuer between two pages of a file.
func (a *App) profile() (err error) {
	made := exists(filepath.Join(a.Config.Data, "keys", seal.KeyFile))
	if err := a.knownRegion(a.Config.Region); err != nil {
		return err
	}
	if a.issuer, err = a.kept("issuer", a.Config.Issuer, defaultIssuers[a.Nature], made); err != nil {
		return fmt.Errorf("出具单位%w。印章证书已写明出具单位：更换须另建数据目录", err)
	}
	if a.region, err = a.kept("region", a.Config.Region, "", made); err != nil {
		return fmt.Errorf("地区%w。确需更换时，请停止服务并修改数据目录中的文件region，已出具的报告不受影响", err)
	}
	return a.knownRegion(a.region)
}

// kept reads a line that is kept in the data folder. A folder without it, whose store is made already, has the usual
// value; a new store keeps what is asked for.
func (a *App) kept(name, asked, usual string, made bool) (string, error) {
	path, asked := filepath.Join(a.Config.Data, name), credit.NormalText(asked)
	b, err := os.ReadFile(path)
	value := strings.TrimSpace(string(b))
	if errors.Is(err, fs.ErrNotExist) {
		if value, err = usual, nil; !made {
			value = cmp.Or(asked, usual)
			err = os.WriteFile(path, []byte(value+"\n"), 0o640)
		}
	}
	if err != nil {
		return "", fmt.Errorf("读写%s失败：%w", path, err)
	}
	if asked != "" && asked != value {
		return "", fmt.Errorf("“%s”%w（%s）", asked, ErrOtherIssuer, cmp.Or(value, "默认"))
	}
	return value, nil
}

// knownRegion refuses a region without an adopted profile; the empty one is the default.
func (a *App) knownRegion(id string) error {
	book, err := a.Books.Book("")
	if err != nil {
		return err
	}
	if _, err := book.Region(id, credit.DateOf(a.Now())); err == nil {
		return nil
	}
	var known []string
	for _, s := range book.Sets() {
		if s.Kind == law.RegionSet && !slices.Contains(known, s.ID) {
			known = append(known, s.ID)
		}
	}
	return fmt.Errorf("没有名为“%s”的地区配置，可用：%s", id, strings.Join(known, "、"))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
