package dev.tale.report;

import dev.tale.analysis.LayerAnalysis.Missing;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a report: sentences, plots, and tables that say what the plots show.
 *
 * @param id name of the section in the page
 * @param plots plots, whose values are in the tables too
 */
record Section(
    String id, String title, List<String> sentences, List<Plot> plots, List<Table> tables) {

  Section {
    sentences = List.copyOf(sentences);
    plots = List.copyOf(plots);
    tables = List.copyOf(tables);
  }

  static Section of(String id, String title) {
    return new Section(id, title, List.of(), List.of(), List.of());
  }

  Section say(String sentence) {
    return new Section(id, title, with(sentences, sentence), plots, tables);
  }

  /** Says what is missing, and why. */
  Section say(List<Missing> missing) {
    Section section = this;
    for (Missing each : missing) {
      section = section.say("Not measured: " + each + ".");
    }
    return section;
  }

  Section draw(String caption, String svg) {
    return new Section(id, title, sentences, with(plots, new Plot(caption, svg)), tables);
  }

  Section show(Table table) {
    return new Section(id, title, sentences, plots, with(tables, table));
  }

  private static <T> List<T> with(List<T> list, T last) {
    List<T> more = new ArrayList<>(list);
    more.add(last);
    return more;
  }
}
