package org.alignmentworkbench.db.kind;

/// Kinds of harm, so that a person can keep away from some.
public enum Harm {
  VIOLENCE,
  HATE,
  SEXUAL,
  SELF_HARM,
  CRIME,
  PRIVACY,
  DECEPTION,
  OTHER
}
