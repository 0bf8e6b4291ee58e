package org.alignmentworkbench.annotation.page;

/// A point in time as a page shows it.
///
/// @param iso for the `datetime` attribute
/// @param text with date, time and zone
/// @param clock the time of day alone
public record Moment(String iso, String text, String clock) {}
