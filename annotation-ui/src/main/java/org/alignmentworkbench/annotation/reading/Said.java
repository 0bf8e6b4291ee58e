package org.alignmentworkbench.annotation.reading;

/// One turn of a conversation. It names a role and never who answered.
///
/// @param role `system`, `user` or `assistant`
/// @param word the role in the reader's language
/// @param excerpt the beginning, for a turn that the reader has folded
public record Said(String role, String word, String excerpt, Passage passage) {}
