package org.alignmentworkbench.app.bench.desk;

import java.util.Arrays;
import java.util.List;

/// What is measured together, and the figures that it gives. The first has a limit.
enum Part {
  ALPHA,
  BRADLEY_TERRY,
  IMPORT,
  EXPORT,
  START,
  DESK,
  STREAMS;

  List<String> figures() {
    return switch (this) {
      case ALPHA -> List.of("alpha300k", "alpha300kInterval");
      case BRADLEY_TERRY -> List.of("btBootstrap");
      case IMPORT -> List.of("import100k");
      case EXPORT -> List.of("export300k", "exportPeakHeap", "exportLiveHeap", "import300k");
      case START -> List.of("startToFirstPage");
      case DESK ->
          List.of(
              "nextTaskP95",
              "submitP95",
              "draftP95",
              "listPageP95",
              "loadProgramme",
              "server",
              "database");
      case STREAMS -> List.of("eventStreams");
    };
  }

  String figure() {
    return figures().getFirst();
  }

  /// The part that gives a figure of this name.
  ///
  /// @throws IllegalArgumentException with the names there are
  static Part giving(String figure) {
    for (Part part : values()) {
      if (part.figures().contains(figure)) {
        return part;
      }
    }
    throw new IllegalArgumentException(
        "no figure '%s'; there are %s"
            .formatted(
                figure,
                String.join(
                    ", ", Arrays.stream(values()).flatMap(p -> p.figures().stream()).toList())));
  }
}
