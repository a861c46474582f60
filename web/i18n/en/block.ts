export const block = {
  'block.title': 'Block my card or phone',
  'block.lead':
    'Lost, stolen, or somebody else knows the PIN? Block it now, at any hour. Nobody can sign with it any more within seconds.',
} as const;
