package org.alignmentworkbench.annotation.reading;

/// The direction in which a text is written.
enum Direction {
  LTR,
  RTL;

  /// What the first letter that has a direction says, as `dir=auto` does; left to right without
  /// one.
  static Direction of(String text) {
    return text.codePoints()
        .map(Character::getDirectionality)
        .filter(Direction::strong)
        .mapToObj(kind -> kind == Character.DIRECTIONALITY_LEFT_TO_RIGHT ? LTR : RTL)
        .findFirst()
        .orElse(LTR);
  }

  private static boolean strong(int kind) {
    return kind == Character.DIRECTIONALITY_LEFT_TO_RIGHT
        || kind == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || kind == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }
}
