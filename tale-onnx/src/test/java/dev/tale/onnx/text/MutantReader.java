package dev.tale.onnx.text;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.ModelFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Opens mutants one after the other, and encodes and decodes texts with those that open. A process
 * of its own: {@code SEED FROM TO TEXTS DIRECTORY}. Prints each mutant's number before, and what
 * became of it after.
 */
final class MutantReader {
  /** Longer than this, one call is a hang. */
  private static final long HANG_NANOS = 10_000_000_000L;

  private static volatile long since;

  private MutantReader() {}

  public static void main(String[] args) throws Exception {
    MutatedTokenizers mutants = new MutatedTokenizers(Long.parseLong(args[0]));
    List<String> texts = texts(Integer.parseInt(args[3]));
    Path file = Path.of(args[4]).resolve("tokenizer.json");
    since = System.nanoTime();
    Thread watch = new Thread(MutantReader::watch);
    watch.setDaemon(true);
    watch.start();
    for (int number = Integer.parseInt(args[1]); number < Integer.parseInt(args[2]); number++) {
      Files.write(file, mutants.mutant(number));
      System.out.println("mutant " + number);
      System.out.println(outcome(file, texts, number));
    }
    System.out.println("done");
  }

  private static void watch() {
    while (System.nanoTime() - since < HANG_NANOS) {
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        return;
      }
    }
    System.out.println("hang");
    System.out.flush();
    Runtime.getRuntime().halt(3);
  }

  static String outcome(Path file, List<String> texts, int number) {
    since = System.nanoTime();
    try (TextTokenizer tokenizer = TextTokenizer.open(file)) {
      return use(tokenizer, texts, number);
    } catch (ModelFormatException e) {
      boolean whole =
          e.getMessage().contains(file.toString()) && e.getMessage().contains("; fetch or export");
      return whole ? "refused" : "untyped " + e;
    } catch (Throwable e) {
      return "untyped at open: " + e;
    }
  }

  private static String use(TextTokenizer tokenizer, List<String> texts, int number) {
    Random random = new Random(number);
    int encoded = 0;
    for (String text : texts) {
      since = System.nanoTime();
      try {
        ImmutableLongArray ids = tokenizer.encode(text, random.nextBoolean());
        encoded++;
        since = System.nanoTime();
        tokenizer.decode(ids, random.nextBoolean());
        ImmutableLongArray.Builder any = ImmutableLongArray.builder();
        for (int i = random.nextInt(8); i > 0; i--) {
          any.add(random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(600));
        }
        tokenizer.decode(any.build(), random.nextBoolean());
      } catch (UnencodableTextException e) {
        // Typed: no token for a text, or too long a text for what is in the file.
      } catch (Throwable e) {
        return "untyped at use: " + e;
      }
    }
    return encoded > 0 ? "used" : "used for nothing";
  }

  /** Texts of many scripts, with runs, controls, special tokens and some length. */
  static List<String> texts(int count) {
    String[] pieces = {
      "The river carried the old boat",
      " ",
      "  ",
      "\n",
      "\r\n",
      "\t",
      "it's",
      "12345",
      "1,000",
      "a",
      "gr\u00f6\u00dfer",
      "e\u0301",
      "\u0301",
      "\ufb01",
      "\u0130",
      "\ufdfa",
      "\u00bd",
      "\u1112\u1161\u11ab",
      "\u5ddd\u306f\u53e4\u3044\u821f",
      "\u0420\u0435\u043a\u0430",
      "\u0627\u0644\u0646\u0647\u0631",
      "\ud83d\udc4d",
      "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
      "\u0000",
      "\u0001",
      "\u007f",
      "\u200b",
      "\ufeff",
      "\u3000",
      "\u2581",
      "\u0120",
      "<s>",
      "</s>",
      "<unk>",
      "[MASK]",
      "<mask>",
      "<|endoftext|>",
      "<|end|>",
      "[CLS]",
      "<0x0A>",
      "##a",
      "``",
      "''",
      "!!!",
      "\u2028",
      "\ufffd",
      "\uffff",
      "\ud834\udd1e",
      "#version",
      "answer",
      "xxxxxxxx"
    };
    Random random = new Random(20);
    List<String> texts = new ArrayList<>(List.of("", " ", "a", "\u0000", "\n"));
    while (texts.size() < count) {
      StringBuilder text = new StringBuilder();
      for (int i = 1 + random.nextInt(12); i > 0; i--) {
        String piece = pieces[random.nextInt(pieces.length)];
        text.append(random.nextInt(20) == 0 ? piece.repeat(random.nextInt(40)) : piece);
      }
      texts.add(text.toString());
    }
    if (count > 20) {
      int last = count - 1;
      for (String run : List.of("a", " ", "1", "\n", "\u0301", "a ", "ab1 ", "\u5ddd")) {
        texts.set(last--, run.repeat(3000 / run.length()));
      }
    }
    return texts;
  }
}
