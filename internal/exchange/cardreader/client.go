package cardreader

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"

	"xinban/internal/hall"
)

// maxLine is the longest answer, in bytes: a driver that sends more is broken.
const maxLine = 4 << 10

// Client reads at the readers of machines.
type Client struct {
	// Addrs is host and port of each machine's reader by its login; "" is for every other.
	Addrs map[string]string
}

// ReadCard asks the reader of a machine. Its errors are hall's.
func (c *Client) ReadCard(ctx context.Context, machine string) (hall.Card, error) {
	addr := c.Addrs[machine]
	if addr == "" {
		addr = c.Addrs[""]
	}
	if addr == "" {
		return hall.Card{}, fmt.Errorf("cardreader: no reader is set for %s: %w", machine, hall.ErrReader)
	}
	line, err := ask(ctx, addr)
	if err != nil {
		return hall.Card{}, fmt.Errorf("cardreader: asking %s: %w: %w", addr, err, hall.ErrReader)
	}
	return parse(line)
}

func ask(ctx context.Context, addr string) (string, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if end, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(end); err != nil {
			return "", err
		}
	}
	if _, err := conn.Write([]byte("READ\n")); err != nil {
		return "", err
	}
	lines := bufio.NewScanner(conn)
	lines.Buffer(make([]byte, 0, 512), maxLine)
	if !lines.Scan() {
		return "", fmt.Errorf("no answer: %w", lines.Err())
	}
	return lines.Text(), nil
}

// parse reads an answer. What it cannot read is a broken card; no part of it is in the error, since it may hold a number.
func parse(line string) (hall.Card, error) {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "NONE":
		return hall.Card{}, hall.ErrNoCard
	case "FAULT":
		return hall.Card{}, faulty(rest)
	case "OK":
		var card hall.Card
		if json.Unmarshal([]byte(rest), &card) != nil || card.Number == "" || len(card.Number) > 40 || len([]rune(card.Name)) > 100 {
			return hall.Card{}, hall.ErrBadCard
		}
		return card, nil
	}
	return hall.Card{}, hall.ErrBadCard
}

// faulty tells whose fault it is. A driver that does not say so is taken to be broken itself: then somebody is alerted and
// the person is sent to a window, instead of moving a good card about.
func faulty(rest string) error {
	if whose, _, _ := strings.Cut(rest, " "); whose == "card" {
		return hall.ErrBadCard
	}
	return fmt.Errorf("cardreader: the reader says that it is broken: %w", hall.ErrReader)
}
