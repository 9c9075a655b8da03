package dev.tale.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a report: sentences, plots, and tables that say what the plots show.
 *
 * @param id name of the section in the page
 * @param charts plots as SVG
 */
record Section(
    String id, String title, List<String> sentences, List<String> charts, List<Table> tables) {

  Section {
    sentences = List.copyOf(sentences);
    charts = List.copyOf(charts);
    tables = List.copyOf(tables);
  }

  static Section of(String id, String title) {
    return new Section(id, title, List.of(), List.of(), List.of());
  }

  Section say(String sentence) {
    return new Section(id, title, with(sentences, sentence), charts, tables);
  }

  Section draw(String svg) {
    return new Section(id, title, sentences, with(charts, svg), tables);
  }

  Section show(Table table) {
    return new Section(id, title, sentences, charts, with(tables, table));
  }

  private static <T> List<T> with(List<T> list, T last) {
    List<T> more = new ArrayList<>(list);
    more.add(last);
    return more;
  }
}
