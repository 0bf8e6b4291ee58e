package org.alignmentworkbench.rlhf.preference;

/// Loss of one pair and its derivatives with respect to the chosen and the rejected input.
public record PairTerms(double loss, double gradChosen, double gradRejected) {}
