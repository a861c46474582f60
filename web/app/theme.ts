import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

/** The green of the Council's stamp; white on shade 7 has a contrast of six to one. */
const seal: MantineColorsTuple = [
  '#effaf8',
  '#d8f0ec',
  '#aee0d9',
  '#7ecdc3',
  '#4fb6aa',
  '#2c9c90',
  '#178477',
  '#0f6e64',
  '#0b5850',
  '#08443e',
];

export const theme = createTheme({
  colors: { seal },
  primaryColor: 'seal',
  primaryShade: 7,
  fontFamily: "'Vazirmatn Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontFamily: "'Vazirmatn Variable', system-ui, sans-serif", fontWeight: '700' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    Paper: { defaultProps: { withBorder: true, radius: 'lg' } },
    Modal: { defaultProps: { radius: 'lg', centered: true } },
    // A `header` element that is no banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
  },
});

/** Mantine's own greys and reds stay below WCAG's 4.5 to 1 on white (success criterion 1.4.3). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#55636b',
    '--mantine-color-placeholder': '#65727a',
    '--mantine-color-error': '#b42318',
    '--mantine-color-anchor': '#0f6e64',
    '--mantine-color-text': '#16242b',
    '--mantine-color-default-border': '#d3dcdf',
    '--input-asterisk-color': '#b42318',
  },
  dark: {},
});
