import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

// The same table that test/architecture.test.ts enforces; here it shows in the editor.
const house = JSON.parse(readFileSync(join(import.meta.dirname, 'test/support/house.json'), 'utf8'));

const CLOCK = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Only core/clock.ts reads the wall clock: take a Clock.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Only core/clock.ts reads the wall clock: take a Clock.',
  },
  {
    selector: "CallExpression[callee.name='Date']",
    message: 'Only core/clock.ts reads the wall clock: take a Clock.',
  },
];

const ENVIRONMENT = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only cli/ reads process.env: take a typed setting.',
  },
];

const DEFAULT_EXPORT = [{ selector: 'ExportDefaultDeclaration', message: 'Export by name.' }];

const everywhere = [...CLOCK, ...ENVIRONMENT, ...DEFAULT_EXPORT];
const folders = Object.keys(house.folders).filter((folder) => folder !== 'test');

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'data', 'demo-out', '.tap', 'web/dist'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Fastify handlers and port implementations are async by contract, with or without an await.
      '@typescript-eslint/require-await': 'off',
      // Node's and the libraries' typings declare functions as methods: `Buffer.compare` is no accident.
      '@typescript-eslint/unbound-method': 'off',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
  {
    files: ['core/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', ...ENVIRONMENT, ...DEFAULT_EXPORT] },
  },
  { files: ['cli/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...CLOCK, ...DEFAULT_EXPORT] } },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...DEFAULT_EXPORT],
      // tap's t.test returns a promise that nobody awaits.
      '@typescript-eslint/no-floating-promises': 'off',
    },
  },
  {
    files: ['web/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat['recommended-latest']],
  },
  // Vite asks for it.
  { files: ['web/vite.config.ts'], rules: { 'no-restricted-syntax': ['error', ...CLOCK, ...ENVIRONMENT] } },
  // A package without types of its own is described as it is.
  { files: ['**/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  ...folders.map((folder) => ({
    files: [`${folder}/**/*.{ts,tsx}`],
    rules: { 'no-restricted-imports': ['error', { patterns: foreignPackages(folder) }] },
  })),
);

function foreignPackages(folder) {
  return Object.entries(house.packages)
    .filter(([, owners]) => !owners.includes(folder))
    .map(([name, owners]) => ({
      // Gitignore syntax: the leading slash keeps `pg` from matching our own `./pg`.
      group: [`/${name}`, `/${name}/**`],
      message: owners.length > 0 ? `It belongs to ${owners.join(', ')}/.` : 'Only tests use it.',
    }));
}
