// Package platform is a platform that shows matters and stands in (演示公示平台): it takes effects, shows matters on a public page
// and an API, writes a daily file and reports repairs of its own. It keeps what it shows in a file of its own, so that it can be
// killed and started again, and it misbehaves when it is told to.
package platform
