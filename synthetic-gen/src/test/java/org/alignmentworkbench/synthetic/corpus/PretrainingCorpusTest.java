package org.alignmentworkbench.synthetic.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.alignmentworkbench.synthetic.task.Facts;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.task.Partition;
import org.alignmentworkbench.synthetic.task.Split;
import org.alignmentworkbench.synthetic.task.TaskGenerator;
import org.junit.jupiter.api.Test;

class PretrainingCorpusTest {
  private final PretrainingCorpus corpus = new PretrainingCorpus(7);

  @Test
  void every_scene_belongs_to_the_train_split() {
    int scenes = 0;
    for (CorpusDocument document : corpus.documents(0).limit(10_000).toList()) {
      for (Facts facts : document.scenes()) {
        assertThat(Partition.of(facts)).isEqualTo(Split.TRAIN);
        scenes++;
      }
    }
    assertThat(scenes).isGreaterThan(4500);
  }

  @Test
  void no_message_of_another_split_occurs_in_it() {
    Set<String> messages = new HashSet<>();
    TaskGenerator generator = new TaskGenerator(1);
    for (Split split : List.of(Split.PREFERENCE, Split.HELD_OUT)) {
      for (GeneratedTask task : generator.tasks(split, null, 0, 7000)) {
        messages.add(task.facts().message());
      }
    }
    for (CorpusDocument document : corpus.documents(0).limit(10_000).toList()) {
      for (Facts facts : document.scenes()) {
        assertThat(messages).doesNotContain(facts.message());
      }
    }
  }

  @Test
  void no_held_out_wording_occurs_in_it() {
    List<String> lines = new ArrayList<>();
    corpus
        .documents(0)
        .limit(20_000)
        .forEach(document -> document.text().lines().forEach(lines::add));
    Set<String> said = new HashSet<>(lines);
    List<GeneratedTask> heldOut =
        new TaskGenerator(1)
            .tasks(Split.HELD_OUT, null, 0, 3000).stream()
                .filter(GeneratedTask::heldOutTemplate)
                .toList();
    assertThat(heldOut).hasSizeGreaterThan(500);
    for (GeneratedTask task : heldOut) {
      assertThat(said).doesNotContain(task.prompt().lines().toList().getLast());
    }
    // Phrases that only held-out instructions and constraints have.
    Pattern heldOutPhrase =
        Pattern.compile(
            "summary of what|Sum up in short|Sum up these|reply to this message and|Rewrite this in"
                + "|and give a JSON|Give a JSON|Write a list of|in a list\\.|Use no more than"
                + "|Write at least|Write the word|Write only|Use only ALL|to start with|to end with"
                + "|Begin each line|Leave out digits|Use only one line \"");
    assertThat(lines).noneMatch(line -> heldOutPhrase.matcher(line).find());
  }

  /// The hash was made by this very loop when the base model was trained. A change that alters
  /// documents alters the base model that `pretrain nano` makes: train and ship it anew.
  @Test
  void the_documents_of_the_shipped_base_model_stay_as_they_are() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    PretrainingCorpus nano = new PretrainingCorpus(20_261_125);
    for (long from : new long[] {0, PretrainingCorpus.COPYING_DOCUMENTS}) {
      nano.documents(from)
          .limit(2000)
          .forEach(document -> digest.update(document.text().getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .isEqualTo("52b9ceed1b0c8eac1f0b8ad5bb2d12a7da5374bbaef5360cb9d97aa75a09db95");
  }

  @Test
  void a_document_depends_on_seed_and_index_alone() {
    List<CorpusDocument> many = corpus.documents(0).limit(50).toList();
    assertThat(new PretrainingCorpus(7).document(31)).isEqualTo(many.get(31));
    assertThat(corpus.documents(31).findFirst()).contains(many.get(31));
    assertThat(new PretrainingCorpus(8).document(31)).isNotEqualTo(many.get(31));
  }

  @Test
  void documents_are_short_and_conversations_take_turns() {
    int conversations = 0;
    for (CorpusDocument document : corpus.documents(0).limit(5000).toList()) {
      assertThat(document.text()).isNotBlank().hasSizeLessThan(700);
      switch (document) {
        case CorpusDocument.Note _ -> {}
        case CorpusDocument.Conversation conversation -> {
          conversations++;
          for (int i = 0; i < conversation.turns().size(); i++) {
            assertThat(conversation.turns().get(i).role())
                .isEqualTo(i % 2 == 0 ? "user" : "assistant");
            assertThat(conversation.turns().get(i).content()).isNotBlank();
          }
        }
      }
    }
    // Half are copying, of which 3 in 9.5 are notes; of the rest 18 % are: 75.2 % converse, and
    // binomial(5000, 0.752) has a standard deviation of 31.
    assertThat(conversations).isBetween(3605, 3915);
  }

  @Test
  void copying_comes_first_and_then_gives_way() {
    assertThat(withoutScene(0)).isGreaterThan(0.45);
    assertThat(withoutScene(PretrainingCorpus.COPYING_DOCUMENTS)).isLessThan(0.25);
  }

  private double withoutScene(long from) {
    return corpus.documents(from).limit(2000).filter(d -> d.scenes().isEmpty()).count() / 2000.0;
  }

  @Test
  void the_lexicon_stays_small_enough_for_a_vocabulary_of_1024() {
    Set<String> words = new HashSet<>();
    for (CorpusDocument document : corpus.documents(0).limit(20_000).toList()) {
      for (String word : document.text().toLowerCase().split("[^a-z]+")) {
        words.add(word);
      }
    }
    assertThat(words).hasSizeLessThan(400);
  }
}
