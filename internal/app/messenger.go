package app

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"xinban/internal/exchange"
	"xinban/internal/follow"
)

// messengers are the providers of messages in the order in which they are tried: those that are set, each as NAME=URL
// with its secret in the file keys/messages-NAME.key; without any, stand-ins in a demo or test store and none in a live
// one, where nothing that is only written to a file counts as sent.
func (a *App) messengers() (all []follow.Provider, err error) {
	for _, text := range a.Config.Messages {
		m, err := a.messenger(text)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	if len(all) > 0 || a.Nature == Live {
		return all, nil
	}
	for _, x := range [][2]string{{"messages-a.jsonl", "消息通道甲"}, {"messages-b.jsonl", "消息通道乙"}} {
		s := &exchange.StandIn{Path: filepath.Join(a.Config.Data, x[0]), Secret: []byte("stand-in of a demo")}
		address, err := s.Listen()
		if err != nil {
			return nil, err
		}
		a.Carriers = append(a.Carriers, s)
		all = append(all, &exchange.Messenger{Label: x[1], URL: address, Secret: s.Secret})
	}
	return all, nil
}

func (a *App) messenger(text string) (*exchange.Messenger, error) {
	name, address, ok := strings.Cut(text, "=")
	if !ok || name == "" || strings.ContainsAny(name, `/\.`) {
		return nil, fmt.Errorf("%w：应写成 名称=https://主机/路径，而不是“%s”", exchange.ErrMessenger, text)
	}
	path := filepath.Join(a.Config.Data, "keys", "messages-"+name+".key")
	secret, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w：请把与%s约定的密钥写入文件%s：%w", exchange.ErrMessenger, name, path, err)
	}
	m := &exchange.Messenger{Label: name, URL: strings.TrimSuffix(address, "/"), Secret: bytes.TrimSpace(secret)}
	return m, m.Check()
}
