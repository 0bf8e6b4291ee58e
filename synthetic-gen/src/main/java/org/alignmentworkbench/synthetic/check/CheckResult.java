package org.alignmentworkbench.synthetic.check;

/// What a check said about a response, and why, in words for a person.
public record CheckResult(Check check, boolean passed, String reason) {}
