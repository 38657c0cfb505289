// Package platform is the platforms that show matters to the public (同步目标): 信用中国, the provincial site, the publicity
// system, the systems of the sectors and the third parties that subscribe. Each is told, by a message of its own, that a
// matter is shown no more or again, and its public page is read back: only the page confirms.
//
//	          page disagrees            letter             answered
//	pending ────────────────► mismatch ───────► letter_sent ───────► replied
//	 │   │                     │  ▲   ▲             │                  │
//	 │   │ day passed          │  │   └─────────────┼─ page disagrees  │
//	 │   └──────► overdue ◄────┘  │ of a confirmed  │   day passed     │
//	 │              ▲ │ └─────────┼─────────────────┴──────────────────┘
//	 │              │ └── letter ─┼──► letter_sent
//	 └──────────────┴── page agrees, from every state ──► confirmed
//
// A newer version of the effect leads from every state to pending. What speaks of an older version changes nothing. A
// matter that does not agree is sent again, later each time, until it does, whatever its state: there is no other end. A day
// that passes makes overdue once; a letter and a reply give a new day, which may pass again.
//
// A page that cannot be read says nothing: the state stays and the reason is shown. Confirmed pages are read again in turn;
// one that denies what it confirmed begins a new clock and is told again. Messages carry the version and a key that is the
// same for the same attempt, so a platform that is told twice does it once.
//
// Comparisons with a platform's daily file and repairs that it reports from elsewhere come here as well. An echo of what
// we told, and what the ledger has ended already, is recognised and goes no further, so nothing loops.
//
// Placement: subject for how matters stand, reference for the platforms, directory for comparisons.
package platform
