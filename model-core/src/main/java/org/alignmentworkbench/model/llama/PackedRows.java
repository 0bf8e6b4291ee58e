package org.alignmentworkbench.model.llama;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The real tokens of some rows, one after the other, and where each stands in the padded grid.
///
/// The linear maps of a layer work on the tokens alone, so that padding costs nothing; only
/// attention spreads them over a grid. Rows never see each other.
///
/// Rows that begin alike (samples of one prompt, the two answers of a pair) may share a grid row:
/// the common beginning stands there once, each continuation after it, and a continuation sees the
/// beginning and itself. Every token keeps its position, so each row gets what it gets alone,
/// within rounding.
public final class PackedRows {
  /// Fewest tokens that a beginning must save to be worth a mask.
  private static final int LEAST_SAVING = 16;

  private final long[] tokens;
  private final long[] places;
  private final long[] positions;
  private final long[] segments;
  private final int[] lengths;

  /// For each row the length of its shared beginning, and where that and its continuation start.
  private final int[] shared;

  private final int[] beginnings;
  private final int[] continuations;
  private final int gridRows;
  private final int longest;
  private final boolean sharing;

  /// Rows that stand in one grid row: their common beginning and who they are.
  private static final class Group {
    private final List<Integer> members = new ArrayList<>();
    private int common;

    int packedLength(List<int[]> rows) {
      int length = common;
      for (int row : members) {
        length += rows.get(row).length - common;
      }
      return length;
    }
  }

  private PackedRows(List<int[]> rows, List<Group> groups, boolean padLeft) {
    this.gridRows = groups.size();
    this.longest = groups.stream().mapToInt(group -> group.packedLength(rows)).max().orElse(0);
    this.sharing = gridRows < rows.size();
    int total = groups.stream().mapToInt(group -> group.packedLength(rows)).sum();
    this.tokens = new long[total];
    this.places = new long[total];
    this.positions = new long[total];
    this.segments = new long[total];
    this.lengths = rows.stream().mapToInt(row -> row.length).toArray();
    this.shared = new int[rows.size()];
    this.beginnings = new int[rows.size()];
    this.continuations = new int[rows.size()];
    int next = 0;
    for (int g = 0; g < gridRows; g++) {
      Group group = groups.get(g);
      int first = next;
      long cell = (long) g * longest + (padLeft ? longest - group.packedLength(rows) : 0);
      int segment = 0;
      for (int row : group.members) {
        int[] ids = rows.get(row);
        boolean leads = segment == 0;
        shared[row] = group.common;
        beginnings[row] = first;
        continuations[row] = leads ? next + group.common : next;
        segment++;
        for (int t = leads ? 0 : group.common; t < ids.length; t++) {
          tokens[next] = ids[t];
          places[next] = cell++;
          positions[next] = t;
          segments[next] = t < group.common ? 0 : segment;
          next++;
        }
      }
    }
  }

  /// Each row by itself, padded on the right.
  public static PackedRows padRight(List<int[]> rows, LlamaConfig config) {
    check(rows, config);
    return new PackedRows(rows, apart(rows), false);
  }

  /// Each row by itself, padded on the left, as cached decoding uses them.
  public static PackedRows padLeft(List<int[]> rows, LlamaConfig config) {
    check(rows, config);
    return new PackedRows(rows, apart(rows), true);
  }

  /// Rows that begin alike share a grid row if that is cheaper; the choice depends on the rows and
  /// the model's shape alone.
  public static PackedRows sharing(List<int[]> rows, LlamaConfig config) {
    check(rows, config);
    List<Group> apart = apart(rows);
    List<Group> together = together(rows);
    boolean cheaper =
        together.size() < rows.size() && cost(rows, together, config) < cost(rows, apart, config);
    return new PackedRows(rows, cheaper ? together : apart, false);
  }

  private static List<Group> apart(List<int[]> rows) {
    List<Group> groups = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      Group group = new Group();
      group.members.add(row);
      // One member: no token is a continuation, and plain causal order holds.
      group.common = rows.get(row).length;
      groups.add(group);
    }
    return groups;
  }

  /// Each row joins the group in which it saves most, or begins one.
  private static List<Group> together(List<int[]> rows) {
    List<Group> groups = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      int[] ids = rows.get(row);
      Group best = null;
      int bestCommon = 0;
      int bestSaving = LEAST_SAVING - 1;
      for (Group group : groups) {
        int[] lead = rows.get(group.members.getFirst());
        int most = Math.min(group.common, Math.min(lead.length, ids.length) - 1);
        int mismatch = Arrays.mismatch(lead, 0, most, ids, 0, most);
        int common = mismatch < 0 ? most : mismatch;
        int size = group.members.size();
        int before = size == 1 ? 0 : (size - 1) * group.common;
        int saving = size * common - before;
        // A header that all prompts share must not keep rows from those of their own prompt.
        boolean akin = 3 * common >= Math.min(lead.length, ids.length);
        if (akin && saving > bestSaving) {
          best = group;
          bestCommon = common;
          bestSaving = saving;
        }
      }
      if (best == null) {
        best = new Group();
        bestCommon = ids.length;
        groups.add(best);
      }
      best.members.add(row);
      best.common = bestCommon;
    }
    return groups;
  }

  /// Multiplications of a layer: the linear maps for each token, attention for each cell of the
  /// grid.
  private static double cost(List<int[]> rows, List<Group> groups, LlamaConfig config) {
    double linear = 0;
    for (LinearModule module : LinearModule.values()) {
      linear += (double) module.inputs(config) * module.outputs(config);
    }
    double tokens = 0;
    double longest = 0;
    boolean shared = groups.size() < rows.size();
    for (Group group : groups) {
      int length = group.packedLength(rows);
      tokens += length;
      longest = Math.max(longest, length);
    }
    double across = (double) config.heads() * config.headSize();
    // Plain causal order skips half of the grid.
    double cells = groups.size() * longest * longest * (shared ? 1 : 0.5);
    return tokens * linear + 2 * cells * across;
  }

  private static void check(List<int[]> rows, LlamaConfig config) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a batch must hold at least one row");
    }
    for (int row = 0; row < rows.size(); row++) {
      int[] ids = rows.get(row);
      if (ids.length == 0 || ids.length > config.contextLength()) {
        throw new IllegalArgumentException(
            "row "
                + row
                + ": must hold 1 to "
                + config.contextLength()
                + " tokens (the model's context), was "
                + ids.length);
      }
      for (int t = 0; t < ids.length; t++) {
        if (ids[t] < 0 || ids[t] >= config.vocabularySize()) {
          throw new IllegalArgumentException(
              "row "
                  + row
                  + ", token "
                  + t
                  + ": must lie in [0, "
                  + config.vocabularySize()
                  + "), was "
                  + ids[t]);
        }
      }
    }
  }

  /// Ids of all real tokens.
  public long[] tokens() {
    return tokens;
  }

  /// Cells of the grid.
  public long[] places() {
    return places;
  }

  /// Positions inside the rows.
  public long[] positions() {
    return positions;
  }

  /// 0 for a beginning, else the number of the continuation in its grid row.
  public long[] segments() {
    return segments;
  }

  /// `[grid rows, longest, 1 if some share a grid row else 0]`.
  public long[] grid() {
    return new long[] {gridRows, longest, sharing ? 1 : 0};
  }

  /// The number of rows.
  public int rows() {
    return lengths.length;
  }

  /// The longest grid row's length.
  public int longest() {
    return longest;
  }

  /// A row's number of tokens.
  public int length(int row) {
    return lengths[row];
  }

  /// Where token `t` of a row stands among the packed tokens.
  public int index(int row, int t) {
    return t < shared[row] ? beginnings[row] + t : continuations[row] + t - shared[row];
  }

  /// The index of each row's last token among the packed tokens.
  public long[] lastTokens() {
    long[] last = new long[lengths.length];
    for (int row = 0; row < last.length; row++) {
      last[row] = index(row, lengths[row] - 1);
    }
    return last;
  }
}
