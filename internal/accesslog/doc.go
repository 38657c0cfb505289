// Package accesslog is the auditor's reading of the access log (查询记录审计): by subject, by person, by day. It
// changes nothing, and each look is itself in the log: under the subject where one was asked for, else under
// audit.LogItself.
package accesslog
