package org.alignmentworkbench.annotation.page;

/// A point in time as a page shows it.
///
/// @param iso for the `datetime` attribute
/// @param text with date, time and zone
/// @param brief date and minute, for tables; the whole text belongs in the title
/// @param clock the time of day alone
public record Moment(String iso, String text, String brief, String clock) {}
