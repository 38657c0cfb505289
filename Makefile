# Two commands are enough: make run, make test.
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
ADDR ?= 127.0.0.1:8080
DATA ?= xinban-demo

.PHONY: run build test quick screens clean

run: build ## make the demo province and serve it on port 8080
	bin/xinban demo --data $(DATA) --addr $(ADDR)

build: ## bin/xinban, static: the binary and its data folder are all that is needed
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X xinban/internal/app.Version=$(VERSION)" -o bin/xinban ./cmd/xinban

test: ## everything: see scripts/test.sh
	scripts/test.sh

quick: ## unit tests only, without PostgreSQL and browser
	go vet ./... && go test -short ./...

screens: ## docs/screens: a picture of each page at 1280 and 390 pixels, from the demo province
	go test ./internal/app -run 'Screens$$|Browser' -count=1 -timeout 30m -screens docs/screens

clean:
	rm -rf bin
