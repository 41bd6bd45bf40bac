/// A point in time as RFC 3339 writes it, UTC, whole seconds.
func timestamp(nanoseconds: UInt64) -> String {
  let seconds = Int(nanoseconds / 1_000_000_000)
  let (day, second) = (seconds / 86400, seconds % 86400)
  let date = date(day: day)
  let time = [second / 3600, second / 60 % 60, second % 60].map(twoDigits).joined(separator: ":")
  return "\(date.year)-\(twoDigits(date.month))-\(twoDigits(date.day))T\(time)Z"
}

/// The Gregorian date of a day counted from 1970-01-01, not before it.
///
/// Years begin in March here, so that the leap day is a year's last.
private func date(day: Int) -> (year: Int, month: Int, day: Int) {
  let shifted = day + 719_468
  let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let month = (5 * dayOfYear + 2) / 153
  let isNextYear = month >= 10
  return (
    year: era * 400 + yearOfEra + (isNextYear ? 1 : 0),
    month: isNextYear ? month - 9 : month + 3,
    day: dayOfYear - (153 * month + 2) / 5 + 1
  )
}

private func twoDigits(_ number: Int) -> String {
  number < 10 ? "0\(number)" : String(number)
}
