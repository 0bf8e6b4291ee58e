package org.alignmentworkbench.app.web;

/// One of several ways to narrow a list.
///
/// @param text name and count
/// @param href the list so narrowed
/// @param chosen whether it is shown that way now
public record Choice(String text, String href, boolean chosen) {}
