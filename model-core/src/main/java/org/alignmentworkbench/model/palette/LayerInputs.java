package org.alignmentworkbench.model.palette;

/// Where palettization learns what the inputs of each projection look like.
@FunctionalInterface
public interface LayerInputs {
  /// The moments of the inputs that the projection with this weight reads.
  SecondMoments of(String weightName);
}
