// Package repair is credit repair as one thing (信用修复一件事): a subject asks once for many records of many bodies,
// each body decides its own, and what is granted takes effect in the ledger at once.
//
// An application is a case; each of its matters is a case of its own beneath it, at the desk of the body that
// determined it or of its successor (谁认定、谁修复):
//
//	forwarded ──accept──► review ──grant──► granted
//	   │  ▲  ╲               │ ▲  ╲──refuse──► refused
//	  ask │   decline        │ └─resume─ consultation, visit ◄─consult, visit─ review
//	   ▼  supply ╲           └──extend──► review (once, with a reason)
//	 supplement   ▼ declined
//
//	from every open state: withdraw ──► withdrawn (the subject), moot ──► moot (nothing is left to repair)
//	supplement ──lapse──► lapsed (not supplied in time; it may be asked for again at once)
//
// The application ends when its last item has. While gaps are being filled the body's clock stands still; the day by
// which they are to be filled runs instead, so an open item always has a day. Days are rows of clocks.yaml, each with
// its source and how sure it is.
//
// What the rules say of a matter is asked again at every step that counts: when it is asked for, and when it is granted.
package repair
