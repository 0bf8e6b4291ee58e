package org.alignmentworkbench.app;

/// The command line's entry point.
public final class Workbench {
  private Workbench() {}

  /// Prints the product's name; commands register themselves here as they are built.
  public static void main(String[] args) {
    System.out.println("alignment workbench");
  }
}
