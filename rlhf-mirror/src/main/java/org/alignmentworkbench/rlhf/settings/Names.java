package org.alignmentworkbench.rlhf.settings;

/// What the text of a setting is the name of, so that a form can offer what the project has.
public enum Names {
  /// Not the name of anything.
  NOTHING,
  /// A model that the run makes, of which the project has none of this name yet; as a number, what
  /// the names of all that the run makes carry.
  NEW_MODEL,
  /// A model that answers: a policy, a compressed model, an adapter on one.
  POLICY,
  REWARD_MODEL,
  ADAPTER,
  /// Any registered model.
  MODEL,
  DATASET,
  /// An evaluated stage.
  STAGE
}
