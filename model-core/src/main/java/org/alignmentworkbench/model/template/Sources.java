package org.alignmentworkbench.model.template;

/// Numbers the fields of messages, from 1: role of message 0, content of message 0, role of 1, ...
final class Sources {
  private Sources() {}

  static int role(int message) {
    return 2 * message + 1;
  }

  static int content(int message) {
    return 2 * message + 2;
  }

  static int message(int source) {
    return (source - 1) / 2;
  }

  static boolean isContent(int source) {
    return source % 2 == 0;
  }
}
