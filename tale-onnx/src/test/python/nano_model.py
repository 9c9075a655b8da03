"""The architecture of nano-llama, and its evaluation on rows of text."""

import torch
from transformers import LlamaConfig, LlamaForCausalLM

from make_tokenizer import CONTEXT


def config(tokenizer):
    """Twelve layers, grouped-query attention, untied embeddings: about 2 M parameters."""
    return LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=128, num_hidden_layers=12,
        num_attention_heads=4, num_key_value_heads=2, head_dim=32, intermediate_size=288,
        rope_theta=10000.0, rms_norm_eps=1e-5, max_position_embeddings=CONTEXT,
        tie_word_embeddings=False, bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
        dtype="float32")


def untrained(tokenizer, seed):
    """Random weights; what writes to the residual stream starts smaller, as depth adds up there."""
    torch.manual_seed(seed)
    model = LlamaForCausalLM(config(tokenizer))
    residual_std = 0.05 / (2 * model.config.num_hidden_layers) ** 0.5
    for name, weight in model.named_parameters():
        if weight.dim() == 2:
            writes_residual = name.endswith(("o_proj.weight", "down_proj.weight"))
            torch.nn.init.normal_(weight, std=residual_std if writes_residual else 0.05)
    model.generation_config.update(
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id)
    return model


def padded(sequences, pad):
    """Right-padded ids and their attention mask."""
    width = max(map(len, sequences))
    ids = torch.tensor([s + [pad] * (width - len(s)) for s in sequences])
    mask = torch.tensor([[1] * len(s) + [0] * (width - len(s)) for s in sequences])
    return ids, mask


def length_sorted_batches(sequences, size):
    """Indices grouped by similar length, so that little is padded."""
    order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
    return [order[i:i + size] for i in range(0, len(order), size)]


@torch.no_grad()
def greedy_accuracy(model, tokenizer, prompts, targets, batch=250):
    """The share of prompts whose most likely next token is the target (targets are one token)."""
    encoded = tokenizer(prompts)["input_ids"]
    wanted = [ids[0] for ids in tokenizer([" " + t for t in targets], add_special_tokens=False)["input_ids"]]
    right = 0
    for indices in length_sorted_batches(encoded, batch):
        ids, mask = padded([encoded[i] for i in indices], tokenizer.pad_token_id)
        hidden = model.model(input_ids=ids, attention_mask=mask).last_hidden_state
        last = hidden[torch.arange(len(indices)), mask.sum(1) - 1]
        answers = model.lm_head(last).argmax(-1).tolist()
        right += sum(answer == wanted[i] for answer, i in zip(answers, indices))
    return right / len(prompts)
