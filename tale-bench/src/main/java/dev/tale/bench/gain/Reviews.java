package dev.tale.bench.gain;

import dev.tale.task.Example;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Short reviews from templates, half of them praise: rows that a small model reads well. */
final class Reviews {
  private static final List<String> CHOICES = List.of("negative", "positive");

  private static final List<String> THINGS =
      List.of(
          "film",
          "book",
          "hotel",
          "meal",
          "concert",
          "camera",
          "play",
          "phone",
          "album",
          "museum",
          "course",
          "game",
          "novel",
          "tour",
          "keyboard",
          "restaurant",
          "series",
          "exhibition",
          "blender",
          "podcast");

  private static final List<String> PRAISE =
      List.of(
          "The %s was wonderful from beginning to end.",
          "I have rarely enjoyed a %s so much.",
          "A brilliant %s, I would recommend it to anyone.",
          "I liked the %s a lot.",
          "The %s was better than I had expected.",
          "What a lovely %s, every detail was right.");

  private static final List<String> BLAME =
      List.of(
          "The %s was dreadful from beginning to end.",
          "I have rarely been so bored by a %s.",
          "A clumsy %s, I would warn anyone of it.",
          "I did not like the %s at all.",
          "The %s was worse than I had expected.",
          "What a poor %s, hardly any detail was right.");

  private Reviews() {}

  /** A review and whether it praises. */
  private record Review(String text, boolean praises) {}

  /**
   * So many different reviews, praise and blame in turn.
   *
   * @param rows at most 240
   */
  static Task task(int rows, long seed) {
    List<Review> praise = all(PRAISE, true, seed);
    List<Review> blame = all(BLAME, false, seed + 1);
    List<Review> reviews = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      reviews.add((i % 2 == 0 ? praise : blame).get(i / 2));
    }
    return Task.multipleChoice(
        "reviews",
        reviews,
        review ->
            Example.multipleChoice(
                "Classify the sentiment as positive or negative.\nReview: "
                    + review.text()
                    + "\nSentiment:",
                CHOICES,
                review.praises() ? 1 : 0));
  }

  private static List<Review> all(List<String> templates, boolean praises, long seed) {
    List<Review> all = new ArrayList<>();
    for (String template : templates) {
      THINGS.forEach(thing -> all.add(new Review(template.formatted(thing), praises)));
    }
    Collections.shuffle(all, new Random(seed));
    return all;
  }
}
