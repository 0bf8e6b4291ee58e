package org.alignmentworkbench.model.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.dataset.Example.ComparedPair;
import org.alignmentworkbench.model.dataset.Example.Conversation;
import org.alignmentworkbench.model.dataset.Example.Demonstration;
import org.alignmentworkbench.model.dataset.Example.Judged;
import org.alignmentworkbench.model.dataset.Example.Preference;
import org.alignmentworkbench.model.dataset.Example.Prompt;
import org.alignmentworkbench.model.dataset.Example.RatedCompletion;

/// The texts of an example, and a number that stands for them.
final class Texts {
  private Texts() {}

  /// Every text in order, each turn after its role.
  static List<String> of(Example example) {
    List<String> texts = new ArrayList<>();
    switch (example) {
      case Prompt p -> add(p.prompt(), texts);
      case Conversation c -> add(c.turns(), texts);
      case Demonstration d -> {
        add(d.prompt(), texts);
        add(d.completion(), texts);
      }
      case Preference p -> {
        add(p.prompt(), texts);
        texts.add("chosen");
        add(p.chosen(), texts);
        texts.add("rejected");
        add(p.rejected(), texts);
      }
      case RatedCompletion r -> {
        add(r.prompt(), texts);
        add(r.completion(), texts);
        texts.add(Boolean.toString(r.desirable()));
      }
      case ComparedPair p -> {
        texts.add(p.prompt());
        texts.add(p.first());
        texts.add(p.second());
        p.verdicts().forEach(verdict -> texts.add(verdict.toString()));
      }
      case Judged j -> {
        texts.add(j.judgement().prompt());
        texts.add(j.judgement().responseA());
        texts.add(j.judgement().responseB());
        texts.add(j.judgement().toString());
      }
    }
    return texts;
  }

  private static void add(List<Turn> turns, List<String> texts) {
    for (Turn turn : turns) {
      texts.add(turn.role().name());
      texts.add(turn.content());
    }
  }

  /// The first eight bytes of the SHA-256 of texts with their lengths: among ten million rows two
  /// different ones share a number once in 370,000 files.
  static long number(List<String> texts) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
      digest.update(bytes);
    }
    return ByteBuffer.wrap(digest.digest()).getLong();
  }
}
