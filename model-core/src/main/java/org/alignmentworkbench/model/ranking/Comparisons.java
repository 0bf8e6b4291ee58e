package org.alignmentworkbench.model.ranking;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// Outcomes of comparisons between players 0 to n-1, counted by pair.
///
/// @param wins by winner and loser
/// @param ties by pair, the same both ways
public record Comparisons(long[][] wins, long[][] ties) {
  public Comparisons {
    wins = copy(wins);
    ties = copy(ties);
    if (wins.length != ties.length) {
      throw new IllegalArgumentException(
          "wins and ties must be of the same players, were " + wins.length + ", " + ties.length);
    }
    for (int i = 0; i < wins.length; i++) {
      if (wins[i].length != wins.length || ties[i].length != wins.length) {
        throw new IllegalArgumentException("player " + i + ": a row must name every player");
      }
      if (wins[i][i] != 0 || ties[i][i] != 0) {
        throw new IllegalArgumentException("player " + i + " was compared with themselves");
      }
      for (int j = 0; j < wins.length; j++) {
        if (wins[i][j] < 0 || ties[i][j] < 0 || ties[i][j] != ties[j][i]) {
          throw new IllegalArgumentException(
              "counts must be >= 0 and ties the same both ways, were "
                  + wins[i][j]
                  + " and "
                  + ties[i][j]
                  + " for "
                  + i
                  + " against "
                  + j);
        }
      }
    }
  }

  /// Comparisons without ties.
  public static Comparisons ofWins(long[][] wins) {
    return new Comparisons(wins, new long[wins.length][wins.length]);
  }

  @Override
  public long[][] wins() {
    return copy(wins);
  }

  @Override
  public long[][] ties() {
    return copy(ties);
  }

  /// The number of players.
  public int players() {
    return wins.length;
  }

  /// The number of comparisons a player took part in.
  public long games(int player) {
    long games = 0;
    for (int j = 0; j < wins.length; j++) {
      games += wins[player][j] + wins[j][player] + ties[player][j];
    }
    return games;
  }

  /// Wins by winner and loser, a tie counting half a win for each.
  public double[][] halfTies() {
    double[][] scores = new double[wins.length][wins.length];
    for (int i = 0; i < wins.length; i++) {
      for (int j = 0; j < wins.length; j++) {
        scores[i][j] = wins[i][j] + ties[i][j] / 2.0;
      }
    }
    return scores;
  }

  /// Players that met, directly or over others; each group in order, groups by their first player.
  public List<List<Integer>> islands() {
    boolean[][] met = new boolean[wins.length][wins.length];
    for (int i = 0; i < wins.length; i++) {
      for (int j = 0; j < wins.length; j++) {
        met[i][j] = wins[i][j] + wins[j][i] + ties[i][j] > 0;
      }
    }
    return components(met, met);
  }

  /// Players each of whom beat (or tied with) every other of the group, directly or over others;
  /// each group in order, groups by their first player. A finite rating of all exists only if there
  /// is one group.
  public List<List<Integer>> strongComponents() {
    boolean[][] beats = new boolean[wins.length][wins.length];
    boolean[][] beaten = new boolean[wins.length][wins.length];
    for (int i = 0; i < wins.length; i++) {
      for (int j = 0; j < wins.length; j++) {
        beats[i][j] = wins[i][j] + ties[i][j] > 0;
        beaten[j][i] = beats[i][j];
      }
    }
    return components(beats, beaten);
  }

  /// The comparisons among some players, who become 0, 1, ... in that order.
  public Comparisons among(List<Integer> players) {
    int n = players.size();
    long[][] someWins = new long[n][n];
    long[][] someTies = new long[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        someWins[i][j] = wins[players.get(i)][players.get(j)];
        someTies[i][j] = ties[players.get(i)][players.get(j)];
      }
    }
    return new Comparisons(someWins, someTies);
  }

  private static List<List<Integer>> components(boolean[][] forth, boolean[][] back) {
    List<List<Integer>> components = new ArrayList<>();
    boolean[] done = new boolean[forth.length];
    for (int start = 0; start < forth.length; start++) {
      if (!done[start]) {
        boolean[] from = reach(start, forth);
        boolean[] to = reach(start, back);
        List<Integer> component = new ArrayList<>();
        for (int i = 0; i < forth.length; i++) {
          if (from[i] && to[i]) {
            component.add(i);
            done[i] = true;
          }
        }
        components.add(List.copyOf(component));
      }
    }
    return List.copyOf(components);
  }

  private static boolean[] reach(int start, boolean[][] edges) {
    boolean[] seen = new boolean[edges.length];
    seen[start] = true;
    Deque<Integer> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      boolean[] next = edges[open.pop()];
      for (int i = 0; i < next.length; i++) {
        if (next[i] && !seen[i]) {
          seen[i] = true;
          open.push(i);
        }
      }
    }
    return seen;
  }

  private static long[][] copy(long[][] rows) {
    return Arrays.stream(rows).map(long[]::clone).toArray(long[][]::new);
  }
}
