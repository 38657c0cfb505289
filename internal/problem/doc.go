// Package problem is the one way in which something wrong is told to a person or a program (问题详情):
// what is wrong, where, and what to do next, in the reader's language.
//
//	return problem.New(http.StatusNotFound, "report-unknown", number)
//	return problem.New(422, "form").At("code", "field.code.length", 18).Because(err)
//
// A type such as report-unknown has three messages in the catalogue: problem.report-unknown.title,
// .detail and .next. The cause given to [Error.Because] is logged and never sent. An error that is no
// [Error] is shown as "internal" and logged whole.
//
// A [Responder] turns any error into an RFC 9457 problem document for programs, or into an error page
// for people. It is the only place where errors become responses.
package problem
