package demo

import "xinban/internal/credit"

// An Account of the demo. Passwords are set where the demo is started.
type Account struct {
	Login       string
	Role        string // enterprise, clerk, centre, operator or auditor
	Organ       string // ID of the organ of a clerk or of the credit centre
	SubjectKey  credit.Key
	Region      string // area that it reaches, empty for the whole province
	DisplayName string
}

// Accounts lists the accounts of the demo province.
func (p *Province) Accounts() []Account {
	show := p.ShowcaseSubjects()
	accounts := []Account{
		{Login: "enterprise", Role: "enterprise", SubjectKey: show[0].Subject.Key},
		{Login: "enterprise2", Role: "enterprise", SubjectKey: show[1].Subject.Key},
		{Login: "clerk-ecology", Role: "clerk", Organ: "lh-ecology"},
		{Login: "clerk-transport", Role: "clerk", Organ: "lh-transport"},
		{Login: "clerk-safety", Role: "clerk", Organ: "lh-work-safety"},
		{Login: "clerk-enforcement", Role: "clerk", Organ: mergedInto},
		{Login: "centre", Role: "centre", Organ: "lh-credit-centre"},
		{Login: "centre-city", Role: "centre", Organ: "lg-credit-centre", Region: Langang.Area},
		{Login: "operator", Role: "operator", Organ: "lh-credit-centre", DisplayName: "演示运维员"},
		{Login: "auditor", Role: "auditor", Organ: "lh-credit-centre", DisplayName: "演示审计员"},
		{Login: "receiver", Role: "receiver", SubjectKey: show[2].Subject.Key},
		{Login: "window", Role: "window", Organ: "lh-credit-centre", DisplayName: "演示综合窗口经办人"},
		{Login: "clerk-port", Role: "clerk", Organ: "lg-transport"}, // answers for penalties of the showcase firms
		{Login: "kiosk", Role: "kiosk", Organ: "lh-credit-centre", DisplayName: "演示自助机一号"},
	}
	for i := range accounts {
		a := &accounts[i]
		if a.DisplayName != "" {
			continue
		}
		if o, err := OrganByID(a.Organ); err == nil {
			a.DisplayName = o.Name + "演示经办人"
		}
		for _, s := range show {
			if s.Subject.Key == a.SubjectKey {
				a.DisplayName = s.Subject.Name + "（演示）"
			}
		}
	}
	return accounts
}
