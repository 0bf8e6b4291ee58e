package org.alignmentworkbench.rlhf.job;

/// An artefact that another one is made from, and what it is to it: `base`, `data`, `reward`, ...
public record Parent(String role, String sha256) {}
