package org.alignmentworkbench.db.prompt;

/// A prompt.
///
/// @param key names it by split, kind and number; seeds and hashes use the key, never the id
/// @param task the generated task with its checks, a JSON object
public record Prompt(
    long id,
    long projectId,
    String key,
    Split split,
    String kind,
    String template,
    String text,
    String task) {}
