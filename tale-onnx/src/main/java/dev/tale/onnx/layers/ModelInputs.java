package dev.tale.onnx.layers;

/** Names of the inputs that exporters give a transformer's graph. */
public final class ModelInputs {
  /** Input: token ids. */
  public static final String INPUT_IDS = "input_ids";

  /** Input: 1 for a token, 0 for padding. */
  public static final String ATTENTION_MASK = "attention_mask";

  /** Input: position of each token in its sequence. */
  public static final String POSITION_IDS = "position_ids";

  /** Input: which of two texts a token is of. */
  public static final String TOKEN_TYPE_IDS = "token_type_ids";

  private ModelInputs() {}
}
