package org.alignmentworkbench.rlhf.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// What a component of a settings record means, and what it may be.
///
/// This is the only place where a setting is described: the record's documentation and the form of
/// a new run are the same words. The record's constructor keeps the rules, because code makes
/// records too; a test of each module (`SettingRules`) tries both sides of every bound, so that the
/// two cannot differ.
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
  /// What `recompute` means in every training.
  String RECOMPUTE =
      "compute each layer once more on the way back instead of keeping it: a third more work,"
          + " much less memory, the same result";

  /// The meaning in a few words, without a full stop; empty where the name says it all.
  String value();

  /// What it is counted or measured in; empty for a pure number.
  String unit() default "";

  /// The least value, itself allowed.
  double atLeast() default Double.NEGATIVE_INFINITY;

  /// The value it must be greater than.
  double above() default Double.NEGATIVE_INFINITY;

  /// The largest value, itself allowed.
  double atMost() default Double.POSITIVE_INFINITY;

  /// The value it must be less than.
  double below() default Double.POSITIVE_INFINITY;

  /// The values a text, or each text of a list, may have; empty when any may be.
  String[] oneOf() default {};

  /// What a text is the name of.
  Names names() default Names.NOTHING;

  /// Whether a text or a list may be empty.
  boolean optional() default false;
}
